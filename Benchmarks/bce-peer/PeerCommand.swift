// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// The library as one of the workers of `make bench-peers`: `bce-peer THREADS`, which then executes the commands listed
/// in `Scripts/peers/README.md`. For the `pairwise` argument, see `Pairwise`.
@main
struct PeerCommand {
    static func main() throws {
        if CommandLine.arguments.dropFirst().first == "pairwise" {
            var pairwise = try Pairwise(Array(CommandLine.arguments.dropFirst(2)))
            return try pairwise.obey()
        }
        guard CommandLine.arguments.count == 2, let threads = Int(CommandLine.arguments[1]), threads > 0
        else {
            throw PeerError.usage
        }
        var measurement = TypedMeasurement()
        while let line = readLine() {
            print(try answer(line.split(separator: " "), threads == 1 ? .serial : .automatic, &measurement))
            flushOutput()
        }
    }

    static func answer(
        _ words: [Substring], _ threads: BinaryCrossEntropy.ThreadPolicy,
        _ measurement: inout TypedMeasurement
    ) throws -> String {
        switch words.first {
        case "ways": return "library"
        case "load" where words.count == 4:
            guard let count = Int(words[1]) else { throw PeerError.usage }
            try measurement.load(count, folder: String(words[2]), type: words[3], threads)
            return "ready"
        case "run" where words.count == 4:
            guard let repetitions = Int(words[3]) else { throw PeerError.usage }
            return try measurement.run(words[1], repetitions: repetitions)
        default: throw PeerError.usage
        }
    }
}

/// A measurement on data of either type. Each type has a place of its own, because a call through a protocol would be of
/// generic code that is not specialized, which takes 50 ns more.
struct TypedMeasurement {
    private var floats: Measurement<Float>?
    private var doubles: Measurement<Double>?

    mutating func load(
        _ count: Int, folder: String, type: Substring, _ threads: BinaryCrossEntropy.ThreadPolicy
    ) throws {
        (floats, doubles) = (nil, nil)
        switch type {
        case "float":
            floats = Measurement(threads: threads, data: try PeerData(folder: folder, count: count))
        case "double":
            doubles = Measurement(threads: threads, data: try PeerData(folder: folder, count: count))
        default: throw PeerError.usage
        }
    }

    mutating func run(_ operation: Substring, repetitions: Int) throws -> String {
        if let answer = try floats?.run(operation, repetitions: repetitions) { return answer }
        if let answer = try doubles?.run(operation, repetitions: repetitions) { return answer }
        throw PeerError.usage
    }
}

enum PeerError: Error {
    case usage
    case file(String)
}
