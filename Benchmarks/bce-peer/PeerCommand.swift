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
        var measurement: (any Measuring)?
        while let line = readLine() {
            print(try answer(line.split(separator: " "), threads == 1 ? .serial : .automatic, &measurement))
            flushOutput()
        }
    }

    static func answer(
        _ words: [Substring], _ threads: BinaryCrossEntropy.ThreadPolicy,
        _ measurement: inout (any Measuring)?
    ) throws -> String {
        switch words.first {
        case "ways": return "library"
        case "load" where words.count == 4:
            guard let count = Int(words[1]) else { throw PeerError.usage }
            let folder = String(words[2])
            switch words[3] {
            case "float": measurement = try loaded(Float.self, count, folder, threads)
            case "double": measurement = try loaded(Double.self, count, folder, threads)
            default: throw PeerError.usage
            }
            return "ready"
        case "run" where words.count == 4:
            guard let repetitions = Int(words[3]),
                let answer = try measurement?.run(words[1], repetitions: repetitions)
            else {
                throw PeerError.usage
            }
            return answer
        default: throw PeerError.usage
        }
    }

    private static func loaded<Element: LossScalar>(
        _: Element.Type, _ count: Int, _ folder: String, _ threads: BinaryCrossEntropy.ThreadPolicy
    ) throws -> Measurement<Element> {
        Measurement(threads: threads, data: try PeerData(folder: folder, count: count))
    }
}

enum PeerError: Error {
    case usage
    case file(String)
}
