# For users with R: the citation counts of Stigler 1994, as BradleyTerry2 fits
# them. Prints abilities and standard errors, those of the case
# bradley_terry_citations in ../reference_stats.json. Written for
# BradleyTerry2 1.1-2.
#
#   Rscript bradleyterry.R
library(BradleyTerry2)
data(citations, package = "BradleyTerry2")
wins <- countsToBinomial(citations)
names(wins)[1:2] <- c("journal1", "journal2")
fit <- BTm(cbind(win1, win2), journal1, journal2, data = wins)
print(BTabilities(fit), digits = 12)
cat("deviance", format(deviance(fit), digits = 12), "\n")
