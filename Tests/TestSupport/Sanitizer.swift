/// Whether the tests are built for a sanitizer: what it takes of memory and addresses is its own.
#if SANITIZED
  public let isSanitized = true
#else
  public let isSanitized = false
#endif
