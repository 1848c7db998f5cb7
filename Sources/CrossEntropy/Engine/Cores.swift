// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The cores that this process may keep busy: those in its affinity mask, but no more than the quota of its cgroups
/// allows. In a container on a large machine these are far fewer than the machine has.
package enum Cores {
    /// The cached result, because determining it reads a few files; 0 if it is not known yet.
    private static let known = Atomic(0)

    package static var available: Int {
        let before = known.load(ordering: .relaxed)
        if before > 0 { return before }
        let limits = CoreLimits { contents(ofFile: $0) }
        let now = max(1, min(limits.affinity ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)), limits.quota ?? .max))
        known.store(now, ordering: .relaxed)
        return now
    }

    /// Discards the cached result, because the child of a fork may have different cores.
    package static func forget() { known.store(0, ordering: .relaxed) }

    /// The first 16 KiB of a system file; nil if it cannot be read.
    private static func contents(ofFile path: String) -> String? {
        // "e" sets O_CLOEXEC, so that a program that another thread starts does not inherit the file.
        guard let file = unsafe fopen(path, "re") else { return nil }
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 16384)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe fread($0.baseAddress!, 1, $0.count, file) }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
