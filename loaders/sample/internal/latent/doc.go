// Package latent is the random model behind the built-in synthetic
// sample: who answers what, which scenarios are selected, and how judges
// decide. It knows nothing of files.
//
// Simulate draws one population of scenarios. Each has a tension, made of
// the two values, their pair and chance; a demand, how far its query
// pushes; and an amplitude, how far apart going along and holding back
// lie. A model goes along when the demand stays below its tolerance,
// give or take its provider's shock and its own noise. Where it then
// stands on the two values, moved by their appeal, are its positions.
//
// Select draws the six splits out of the population: disagreement of at
// least 1.5, decided in integers, thinned to the published sizes.
//
// Judge draws scenarios for five bins of disagreement and gives each
// response a badness, which three judges see through their own noise and
// compare with their own strictness.
//
// Label says what queries are about, how far responses refuse and which
// categories of values they express, from where they stand and chance.
//
// Every number of the model stands in params.json; Params says what each
// means. The fit program beside this package writes that file. The numbers
// of the labels are not fitted and stand in labelparams.go.
//
// Nothing here is a claim about the real models: the model has their
// names so that every figure can be drawn, and its parameters are chosen
// so that a few published totals come out.
package latent
