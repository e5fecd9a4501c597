# Compares agreement.json, made by agreement.py, with R's irr and irrCAC.
#
#   Rscript agreement.R        # in this folder; needs jsonlite, irr, irrCAC
#
# For those who have R: the tests of this repository do not run it. Written
# for irr 0.84.1 and irrCAC 1.0.
#
# What to know of irr: kripp.alpha weighs pairs wrongly where no rating at
# all is missing and raters are three or more (0.5093 where alpha is
# 0.5234), so it is given one rater more, who rated nothing; kappam.fleiss
# and kappa2 leave out items with a missing rating without saying so; both
# give NaN where all ratings are in one category; kripp.alpha gives 1 there,
# and where nothing can be paired, though alpha is then undefined; z and p
# are those of the hypothesis that kappa is 0 and make no interval; kappa2
# weights by place among the categories that occur. Of irrCAC: it rounds to
# five digits, hence the tolerance, and takes the categories that occur for
# all there are unless categ.labels says otherwise, which changes AC1 and
# AC2.

library(irr)
library(irrCAC)

cases <- jsonlite::fromJSON("agreement.json", simplifyVector = FALSE)
compared <- 0
same <- function(what, got, want, tol = 1e-9) {
  compared <<- compared + 1
  if (!isTRUE(abs(got - want) <= tol)) {
    stop(sprintf("%s: %.15g, want %.15g", what, got, want))
  }
}

for (case in cases) {
  cells <- strsplit(strsplit(case$items, " ")[[1]], "")
  ratings <- t(sapply(cells, function(x) suppressWarnings(as.integer(x)) + 1L))
  q <- case$categories
  labels <- seq_len(q)
  rated <- ratings[rowSums(!is.na(ratings)) > 0, , drop = FALSE]

  for (w in c("unweighted", "linear", "quadratic", "ordinal")) {
    want <- case[[if (w == "unweighted") "identity" else w]]
    for (f in c("fleiss", "conger", "gwet")) {
      run <- switch(f, fleiss = fleiss.kappa.raw, conger = conger.kappa.raw, gwet = gwet.ac1.raw)
      est <- run(rated, weights = w, categ.labels = labels)$est
      same(paste(case$name, w, f), est$coeff.val, want[[f]][[1]], 1e-5)
      same(paste(case$name, w, f, "SE"), est$coeff.se, want[[f]][[2]], 1e-5)
    }
  }
  for (m in c("nominal", "ordinal", "interval", "ratio")) {
    same(paste(case$name, "alpha", m), kripp.alpha(rbind(t(ratings), NA), method = m)$value, case$alpha[[m]][[1]])
  }
  full <- na.omit(ratings)
  same(paste(case$name, "complete items"), kappam.fleiss(full)$value, case$complete$fleiss)
  if (ncol(ratings) == 2) {
    for (w in c("unweighted", "equal", "squared")) {
      want <- case$cohen[[c(unweighted = "identity", equal = "linear", squared = "quadratic")[[w]]]]
      if (w == "unweighted" || length(unique(as.vector(full))) == q) {
        same(paste(case$name, "Cohen", w), kappa2(full, weight = w)$value, want[[1]])
      }
    }
  }
}
cat(compared, "numbers agree\n")
