// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import XCTest

/// The limits on cores set by containers and affinity masks, read from files in the format that Linux uses.
final class CoreLimitTests: XCTestCase {
    func test_affinity_listsOfTheKernel_areCounted() {
        for (list, count) in [("0", 1), ("0-1", 2), ("0-3,8,10-11", 7), ("", nil), ("3-1", nil), ("x", nil)] {
            let limits = CoreLimits {
                $0 == "/proc/thread-self/status" ? "Name:\tx\nCpus_allowed_list:\t\(list)\n" : nil
            }
            XCTAssertEqual(limits.affinity, count, list)
        }
        XCTAssertNil(CoreLimits { _ in nil }.affinity)
    }

    func test_quota_groupsOfBothVersions_leastIsRoundedUp() {
        let files = [
            "/sys/fs/cgroup/cpu.max": "max 100000\n", "/sys/fs/cgroup/a/cpu.max": "250000 100000\n",
            "/sys/fs/cgroup/a/b/cpu.max": "400000 100000\n", "/sys/fs/cgroup/c/cpu.max": "-1 0\n",
            "/sys/fs/cgroup/cpu,cpuacct/d/cpu.cfs_quota_us": "150000\n",
            "/sys/fs/cgroup/cpu,cpuacct/d/cpu.cfs_period_us": "100000\n",
            "/sys/fs/cgroup/cpu/e/cpu.cfs_quota_us": "-1\n",
            "/sys/fs/cgroup/cpu/e/cpu.cfs_period_us": "100000\n",
        ]
        for (groups, cores) in [
            ("0::/\n", nil), ("0::/a\n", 3), ("0::/a/b\n", 3), ("0::/c\n", nil), ("", nil),
            ("nonsense\n", nil),
            ("4:cpu,cpuacct:/d\n3:memory:/d\n", 2), ("4:cpu:/e\n", nil), ("4:cpu,cpuacct:/d\n0::/a\n", 2),
        ] as [(String, Int?)] {
            let limits = CoreLimits { $0 == "/proc/self/cgroup" ? groups : files[$0] }
            XCTAssertEqual(limits.quota, cores, groups)
        }
    }
}
