// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport

/// Accumulators, groups and evaluations of few elements. Together they have every feature that a state can contain.
enum SampleSums {
    static func all(seed: UInt64) throws -> [(name: String, sums: any MergeableSums)] {
        try accumulators(seed: seed).map { ("accumulator: \($0), seed \(seed)", $1) }
            + groups(seed: seed).map { ("groups: \($0), seed \(seed)", $1) }
            + evaluations(seed: seed).map { ("evaluation: \($0), seed \(seed)", $1) }
    }

    static func accumulators(seed: UInt64) throws -> [(String, LossAccumulator)] {
        try [false, true].flatMap { keepsReport in
            try problems(seed).map { name, problem, isWeighted in
                var sums = LossAccumulator(keepsReport: keepsReport)
                try problem.options.add(problem.arrays(weighted: isWeighted), to: &sums)
                return ("\(name)\(keepsReport ? " with a report" : "")", sums)
            }
        }
    }

    static func groups(seed: UInt64) throws -> [(String, GroupedLosses)] {
        try [("no groups", GroupedLosses(groupCount: 0))]
            + problems(seed).map { name, problem, isWeighted in
                var sums = GroupedLosses(groupCount: problem.groupCount + 2)
                try problem.options.add(
                    problem.arrays(weighted: isWeighted), groups: problem.groups, to: &sums)
                return (name, sums)
            }
    }

    static func evaluations(seed: UInt64) throws -> [(String, BinaryEvaluation)] {
        try problems(seed).map { name, problem, isWeighted in
            var sums = try BinaryEvaluation(binCount: 1 + problem.logits.count)
            try problem.options.add(problem.arrays(weighted: isWeighted), to: &sums)
            return (name, sums)
        }
    }

    private static func problems(_ seed: UInt64) -> [(String, GroupProblem, isWeighted: Bool)] {
        let plain = GroupProblem(count: 20, groupCount: 4, seed: seed)
        var infinite = plain
        (infinite.logits[0], infinite.targets[0], infinite.mask[0]) = (.infinity, 0, true)
        (infinite.logits[1], infinite.targets[1], infinite.mask[1]) = (.infinity, 0, true)
        (infinite.weights[0], infinite.weights[1]) = (2, -1)
        var undefined = plain
        (undefined.logits[3], undefined.targets[3], undefined.mask[3]) = (.nan, 0.25, true)
        return [
            ("empty", GroupProblem(count: 0, groupCount: 3, seed: seed), false), ("plain", plain, false),
            ("weighted", plain, true), ("infinite", infinite, false),
            ("infinite of both signs", infinite, true), ("NaN", undefined, true),
        ]
    }
}
