/// Plain twins of the kernels: the same signatures, one obvious loop each, no vectors.
///
/// They are the oracle of the tests and the contract in code; nothing in a sweep calls them.
enum Reference {}
