/// The flags of a sample. ISO/IEC 14496-12 §8.8.3.1
package enum SampleFlags {
    /// `sample_depends_on` 2: the sample needs no other.
    package static let sync: UInt32 = 0x0200_0000
    /// `sample_depends_on` 1 and `sample_is_non_sync_sample`.
    package static let nonSync: UInt32 = 0x0101_0000
}
