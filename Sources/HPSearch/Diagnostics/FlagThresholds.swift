/// Where flags begin. Sources: [S] the slides of CS231n's lecture 6, [N] the notes "Neural
/// Networks 2" and "3"; where they give no number, one that healthy training stays clear of.
package enum FlagThresholds {
    /// Of ln(classes), by which the initial loss may differ from it. [N] has it equal; small random
    /// scores add a percent or two.
    static let initialLossShare = 0.1
    /// Of the initial loss: less is "barely changing". [S] 2.302576 to 2.302420 is 0.00007, at a
    /// rate that is a hundred times too low.
    static let changeShare = 0.01
    /// Of the initial loss: a loss that fell by more has started. Twice what barely changes would
    /// still be drift.
    static let startShare = 0.1
    /// Looks from which on a shape of the loss is read at all.
    static let shapeLookMinimum = 4
    /// Of the whole fall, until which the loss is flat; and of the evaluations, that a flat start
    /// takes at least: [N] shows a third of them.
    static let flatShare = 0.05
    static let flatTimeShare = 0.15
    /// Of the initial loss: less in half of the evaluations is a standstill.
    static let standstillShare = 0.01
    /// Of the initial loss: what stands still below it has learned enough not to be complained of.
    static let learnedShare = 0.1
    /// The share of ln(classes) that the training loss rises by in a step of the second half of
    /// the evaluations, falls counting 0. Where a lower rate would have ended lower by a fifth of
    /// ln(classes) nine trainings of ten rise by more, of those that no lower rate betters one of
    /// forty.
    static let noiseShare = 0.02
    /// Of an update to its weights. [N] wants "somewhere around 1e-3": a decade to both sides is
    /// around it, since the median layer of small nets that learn well lies anywhere within.
    package static let updateHigh = 1e-2
    package static let updateLow = 1e-4
    /// What [N] calls usual: weights that move by more have not come to rest.
    package static let updateUsual = 1e-3
    /// Of a layer's outputs. [S] a layer of weights that are too large has nearly all.
    package static let saturatedShare = 0.5
    /// Of a layer's units. [N] "as much as 40%" are dead where a rate is too high.
    package static let deadShare = 0.4
    /// From the first hidden layer to the last, or back for gradients: [S] small weights lose a
    /// decade in each layer.
    static let vanishingRatio = 1e-2
    /// The same where the loss is flat: [S] ten layers of ReLUs with weights for tanh keep 3%, and
    /// learn nothing at first.
    static let vanishingFlatRatio = 0.1
    /// The same for each layer: of sigmoid a quarter is the most that its slope lets through.
    static let vanishingLayerRatio = 0.3
    /// Hidden layers from which on "layer by layer" means something.
    static let vanishingLayerMinimum = 3
    /// Of accuracy. [N] names no number: ten points are more than three standard errors on 1,000
    /// examples.
    static let overfitGap = 0.1
    /// Of accuracy: no gap, as far as 1,000 examples tell.
    static let underfitGap = 0.03
    /// Training accuracy from which on there is nothing to complain of.
    static let underfitAccuracy = 0.9
    /// Of the initial loss: below it the regularization loss may be the larger one, because the
    /// data are learned.
    static let drownedShare = 0.5
    /// The same for one that was the larger before the first update only: weights may have shrunk
    /// to where they should be, unless nothing was learned meanwhile.
    static let shrunkShare = 0.9
    /// Of the first regularization loss: the weights that are left are a tenth of the first.
    static let shrunkWeights = 0.01
}
