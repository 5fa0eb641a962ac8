import Expressions
import Settings

/// The metrics that an experiment can name.
public enum Metrics {
  /// Every metric, in the order of documentation.
  public static let declarations: [Variant] =
    watched + [
      Variant(
        "relative_fisher_divergence",
        "fisher_divergence over half_fisher_information, at the same noise level"),
      Variant("half_fisher_information", "1/2 E|s*|^2 of the data, what a score of 0 would miss"),
      Variant(
        "smoothed_fisher_divergence",
        "Fisher divergence to the smoothed density, of a model of many levels at this one", [level]
      ),
      Variant(
        "denoising_loss", "1/2 E|sigma s(x + sigma e) + e|^2 at one noise level", [level]),
      Variant("denoising_floor", "the least denoising_loss there is", [level]),
      Variant(
        "target_log_likelihood", "mean log density of the data's own distribution, smoothed",
        [level]),
      Variant("tweedie_mse", "squared error of the denoiser x + sigma^2 s(x)", [sigma]),
      Variant("bayes_mse", "squared error of the best denoiser there is", [sigma]),
      Variant(
        "fisher_divergence_in_decile",
        "fisher_divergence over a tenth of the data, by their exact density", [decile]),
      Variant(
        "loss_variance", "variance of the training loss over minibatches of held-out data",
        MinibatchVariance.settings),
      Variant(
        "gradient_variance",
        "variance of the training loss's gradient over minibatches, summed over parameters",
        MinibatchVariance.settings),
      Variant(
        "loss_variance_exact", "loss_variance in closed form: normal data, a model without layers"),
      Variant(
        "gradient_variance_exact",
        "gradient_variance in closed form: normal data, a model without layers"),
    ] + likelihoods + ofSamples + ofFamilies + ofFits + ofSimulators

  /// Log-likelihoods of models that have an energy.
  static let likelihoods = [
    Variant("log_likelihood", "mean log density of held-out data, where the normaliser is known"),
    Variant(
      "importance_log_likelihood",
      "mean log density of held-out data, normaliser by importance sampling; needs an energy",
      ImportanceSampling.settings),
    Variant(
      "importance_effective_sample_size",
      "how many equally weighted draws the draws of importance sampling are worth",
      ImportanceSampling.settings),
    Variant(
      "ais_log_likelihood",
      "mean log density of held-out data by annealed importance sampling, forward the upper and reverse "
        + "the lower end of a bracket, in expectation; needs an energy",
      AnnealedImportanceSampling.settings),
    Variant(
      "ais_standard_error", "standard error of the normaliser of ais_log_likelihood",
      AnnealedImportanceSampling.settings),
    Variant(
      "flow_log_likelihood",
      "mean log density of held-out data by the probability flow; needs a score at any noise scale",
      FlowLikelihood.settings),
    Variant(
      "flow_error", "what the steps of flow_log_likelihood leave as error, mean over rows",
      FlowLikelihood.settings),
  ]

  /// Metrics of what the trial's sampler drew.
  static let ofSamples = [
    Variant(
      "mmd", "squared maximum mean discrepancy of samples, Gaussian kernel, unbiased",
      [
        Setting(
          "bandwidth", .optional(.real(.positive)), default: .null, unit: "data units",
          "h of exp(-|x - y|^2/(2 h^2)); the median distance of held-out rows where absent"),
        limit,
      ]),
    Variant("energy_distance", "energy distance of samples, unbiased", [limit]),
    Variant(
      "sliced_wasserstein", "sliced Wasserstein distance of samples",
      [
        Setting("slices", .integer(1...1_000_000), default: .number(200), "random directions"),
        Setting("order", .integer(1...2), default: .number(2), "1 or 2"),
      ]),
    Variant(
      "mixture_weight_error",
      "total variation between the weights of a Gaussian mixture and those of the samples"),
    Variant(
      "mixture_weight", "fraction of the samples that one normal of a Gaussian mixture gave",
      [
        Setting(
          "component", .integer(0...4095), default: .number(0), "which normal, counted from 0")
      ]),
    Variant("sampler_acceptance", "fraction of the sampler's proposals that were accepted"),
  ]

  private static let limit = Setting(
    "limit", .integer(2...1_000_000), default: .number(5000), unit: "rows",
    "samples and held-out rows that are compared at most")

  /// Metrics of fits to the minimum, and of what they estimate.
  private static let ofFits = [
    Variant("converged", "1 where a full-batch fit reached its tolerance, else 0"),
    Variant(
      "weight_error", "n (w - w*)^2 of a mixture's first weight, where only weights are learned"),
    Variant(
      "asymptotic_weight_variance",
      "what weight_error tends to as rows are added, by quadrature; in one dimension"),
    Variant(
      "weight_error_ratio",
      "weight_error over asymptotic_weight_variance, which is 1 on average where rows are many"),
  ]

  /// Metrics that training may be stopped by.
  static let watched = [
    Variant(
      "implicit_score_matching",
      "E[tr grad s + 1/2 |s|^2], exact trace; a model of many noise levels at the smallest that its "
        + "loss trains"),
    Variant(
      "fisher_divergence",
      "1/2 E|s - s*|^2 to the exact score of the data; a model of many noise levels at the smallest "
        + "that its loss trains"),
  ]

  private static let sigma = Setting(
    "sigma", .real(.positive), default: .number(0.1), unit: "data units",
    "standard deviation of the noise to remove")

  private static let level = Setting(
    "sigma", .optional(.real(.positive)), default: .null, unit: "data units",
    "the noise scale; null for the trial's own sigma, or the smallest that its loss trains")

  private static let decile = Setting(
    "decile", .integer(1...10), default: .number(1),
    "which tenth of the rows, 1 the one of lowest density")
}
