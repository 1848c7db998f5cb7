// SPDX-License-Identifier: Apache-2.0

/// The time of one call, measured in several rounds.
struct Timing {
    /// Seconds per call, one value for each round.
    var samples: [Double] = []

    var best: Double { samples.min()! }

    var median: Double { Self.median(samples) }

    /// How many times longer this takes than `other`: the median of the ratios of the rounds, not the ratio of the
    /// medians. The speed of a machine may change from one second to the next, but hardly changes within a round.
    func ratio(to other: Timing) -> Double {
        Self.median(zip(samples, other.samples).map { $0 / $1 })
    }

    /// The time of all the work if a call does a fraction of it.
    func divided(by share: Double) -> Timing { Timing(samples: samples.map { $0 / share }) }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

/// Times all `calls` interleaved, A B C A B C ..., so that if the machine slows down, all of them become slower and
/// their ratios are unaffected. Each sample repeats its call until the resolution of the clock does not matter.
///
/// - Parameters:
///   - rounds: the minimum number of samples of a call.
///   - seconds: the time for all samples together; rounds are added until it is used up, to a maximum of 1,000.
func measure(
    _ calls: [() throws -> Double], rounds: Int, seconds: Double
) throws -> [Timing] {
    let repetitions = try calls.map(calibrate)
    var timings = [Timing](repeating: Timing(), count: calls.count)
    let clock = ContinuousClock()
    let start = clock.now
    var round = 0
    while round < rounds || (clock.now - start < .seconds(seconds) && round < 1000) {
        for index in calls.indices {
            let time = try time(calls[index], repetitions[index])
            timings[index].samples.append(time / Double(repetitions[index]))
        }
        round += 1
    }
    return timings
}

/// The minimum duration of a sample, in seconds: 20,000 times what reading the clock takes, and long enough for several
/// consecutive calls of an implementation that runs on threads. As in a training loop, only the first call finds the
/// threads asleep.
private let shortestSample = 1e-3

/// The number of times that `call` is repeated for one sample. Doubling also warms caches, branch predictors and page
/// tables.
private func calibrate(_ call: () throws -> Double) throws -> Int {
    _ = try time(call, 1)
    var repetitions = 1
    while try time(call, repetitions) < shortestSample { repetitions *= 2 }
    return repetitions
}

/// Seconds for `repetitions` calls.
private func time(_ call: () throws -> Double, _ repetitions: Int) throws -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    for _ in 0..<repetitions { blackHole(try call()) }
    return (clock.now - start) / .seconds(1)
}

/// Uses a result, as far as the optimiser can tell.
@inline(never) @_optimize(none)
func blackHole(_ value: Double) {}
