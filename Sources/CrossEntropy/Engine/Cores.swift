// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The cores that this process may keep busy: those of its affinity mask, and no more than the quota of its cgroups
/// allows. In a container of a large machine these are far fewer than the machine has.
package enum Cores {
    /// Asking takes a few files, so that the answer is kept: 0 where it is not known yet.
    private static let known = Atomic(0)

    package static var available: Int {
        let before = known.load(ordering: .relaxed)
        if before > 0 { return before }
        let limits = CoreLimits { contents(ofFile: $0) }
        let now = max(1, min(limits.affinity ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)), limits.quota ?? .max))
        known.store(now, ordering: .relaxed)
        return now
    }

    /// The child of a fork may have other ones.
    package static func forget() { known.store(0, ordering: .relaxed) }

    /// The first 16 KiB of a file of the system; nil where it cannot be read.
    private static func contents(ofFile path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 16384)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress!, $0.count) }
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
