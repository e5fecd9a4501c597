package figure

// maxNames is how many categories fit on a page that one can still read.
const maxNames = 120
