import CHDF5

/// An identifier of libhdf5 that is closed with its last reference.
final class Handle: Sendable {
  /// What the identifier names, hence how it is closed.
  enum Kind: Sendable {
    case file, group, dataset, object, attribute, type, space, properties
  }

  let id: hid_t
  private let kind: Kind

  /// Takes over an identifier that libhdf5 just gave out.
  init(_ kind: Kind, _ id: hid_t) {
    self.kind = kind
    self.id = id
  }

  /// Calls libhdf5 for an identifier and takes it over.
  convenience init(
    _ kind: Kind, _ operation: String, _ path: String, keeping handles: Handle...,
    call: () -> hid_t
  ) throws(HDF5Error) {
    let id = try checked(operation, path, call: call)
    withExtendedLifetime(handles) {}
    self.init(kind, id)
  }

  deinit {
    Library.exclusively {
      switch kind {
      case .file: _ = H5Fclose(id)
      case .group: _ = H5Gclose(id)
      case .dataset: _ = H5Dclose(id)
      case .object: _ = H5Oclose(id)
      case .attribute: _ = H5Aclose(id)
      case .type: _ = H5Tclose(id)
      case .space: _ = H5Sclose(id)
      case .properties: _ = H5Pclose(id)
      }
    }
  }
}
