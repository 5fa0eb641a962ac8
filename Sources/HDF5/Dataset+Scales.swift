import CHDF5

/// Dimension scales: the datasets that name the axes of others and give their coordinates.
extension Dataset {
  /// Makes this dataset a dimension scale.
  ///
  /// - Parameter name: the name of the dimension; netCDF readers take the dataset's own.
  public func makeScale(named name: String) throws(HDF5Error) {
    try checked("make scale", path) { H5DSset_scale(identity.id, name) }
  }

  /// Whether this dataset is a dimension scale.
  public func isScale() throws(HDF5Error) -> Bool {
    try checked("ask for scale", path) { H5DSis_scale(identity.id) } > 0
  }

  /// Names an axis of this dataset by a scale.
  ///
  /// A scale takes about 4000 attachments.
  ///
  /// - Precondition: the dataset has that axis and is no scale itself.
  public func attach(_ scale: Dataset, toAxis axis: Int) throws(HDF5Error) {
    precondition(shape.indices.contains(axis), "\(path): axis \(axis) of shape \(shape)")
    try checked("attach scale \(scale.path)", path) {
      H5DSattach_scale(identity.id, scale.identity.id, UInt32(axis))
    }
  }

  /// How many scales an axis has.
  public func scaleCount(ofAxis axis: Int) throws(HDF5Error) -> Int {
    Int(try checked("count scales", path) { H5DSget_num_scales(identity.id, UInt32(axis)) })
  }
}
