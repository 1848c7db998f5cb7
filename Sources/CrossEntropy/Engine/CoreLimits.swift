// SPDX-License-Identifier: Apache-2.0

/// The limits that Linux sets on the cores that this thread may use, read from system files.
package struct CoreLimits {
    private let contents: (String) -> String?

    /// - Parameter contents: returns the contents of a file, or nil if there is none.
    package init(_ contents: @escaping (String) -> String?) { self.contents = contents }

    /// The number of cores in the affinity mask, as set by `taskset` for example; nil if it is not known.
    package var affinity: Int? {
        // Cpus_allowed_list:  0-3,8
        let lines = (contents("/proc/thread-self/status") ?? "").split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("Cpus_allowed_list:") }) else { return nil }
        let list = line.drop { $0 != ":" }.dropFirst().filter { !$0.isWhitespace }
        var count = 0
        for range in list.split(separator: ",") {
            let ends = range.split(separator: "-").map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, last >= first else {
                return nil
            }
            count += last - first + 1
        }
        return count == 0 ? nil : count
    }

    /// The processor time that control groups allow, in cores, rounded up: the minimum over all groups that contain
    /// this process, from `cpu.max` of cgroup v2 and `cpu.cfs_quota_us` of v1. Nil if none has a quota.
    package var quota: Int? {
        let groups = (contents("/proc/self/cgroup") ?? "").split(separator: "\n")
        let quotas = groups.flatMap { line -> [Int] in
            // hierarchy:controllers:path
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return [] }
            if fields[0] == "0" { return folders(fields[2]).compactMap { quota(ofGroup: $0) } }
            guard fields[1].split(separator: ",").contains("cpu") else { return [] }
            return folders(fields[2]).compactMap { quota(ofOldGroup: $0, fields[1]) }
        }
        return quotas.min()
    }

    /// The directory of a group and its ancestors. In a container the path may be that of the host; the container's own
    /// group is then the root.
    private func folders(_ path: Substring) -> [String] {
        let names = path.split(separator: "/")
        return (0...names.count).map { names.prefix($0).map { "/" + $0 }.joined() }
    }

    private func quota(ofGroup folder: String) -> Int? {
        let numbers = (contents("/sys/fs/cgroup\(folder)/cpu.max") ?? "").split(separator: " ")
        guard numbers.count == 2 else { return nil }
        return cores(quota: numbers[0], period: numbers[1])
    }

    private func quota(ofOldGroup folder: String, _ controllers: Substring) -> Int? {
        for mount in ["cpu", String(controllers)] {
            let group = "/sys/fs/cgroup/\(mount)\(folder)"
            if let quota = contents("\(group)/cpu.cfs_quota_us"),
                let period = contents("\(group)/cpu.cfs_period_us"),
                let cores = cores(quota: quota[...], period: period[...])
            {
                return cores
            }
        }
        return nil
    }

    /// Nil for "max" in v2 and for -1 in v1, which mean that there is no quota.
    private func cores(quota: Substring, period: Substring) -> Int? {
        func number(_ text: Substring) -> Int? { Int(text.filter { !$0.isWhitespace }) }
        guard let quota = number(quota), let period = number(period), quota > 0, period > 0 else {
            return nil
        }
        return quota / period + (quota % period == 0 ? 0 : 1)
    }
}
