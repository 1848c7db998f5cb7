// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// The library as one of the workers of `make bench-peers`: `bce-peer THREADS TYPE`, which then executes the
/// commands listed in `Scripts/peers/README.md`. For the `pairwise` argument, see `Pairwise`.
@main
struct PeerCommand {
    static func main() throws {
        if CommandLine.arguments.dropFirst().first == "pairwise" {
            var pairwise = try Pairwise(Array(CommandLine.arguments.dropFirst(2)))
            return try pairwise.obey()
        }
        guard CommandLine.arguments.count == 3, let threads = Int(CommandLine.arguments[1]), threads > 0
        else {
            throw PeerError.usage
        }
        let policy: BinaryCrossEntropy.ThreadPolicy = threads == 1 ? .serial : .automatic
        switch CommandLine.arguments[2] {
        case "float": try obey(Float.self, policy)
        case "double": try obey(Double.self, policy)
        default: throw PeerError.usage
        }
    }

    private static func obey<Element: LossScalar>(
        _: Element.Type, _ threads: BinaryCrossEntropy.ThreadPolicy
    ) throws {
        var measurement: Measurement<Element>?
        while let line = readLine() {
            print(try answer(line.split(separator: " "), threads, &measurement))
            flushOutput()
        }
    }

    private static func answer<Element: LossScalar>(
        _ words: [Substring], _ threads: BinaryCrossEntropy.ThreadPolicy,
        _ measurement: inout Measurement<Element>?
    ) throws -> String {
        switch words.first {
        case "ways": return "library"
        case "load" where words.count == 3:
            guard let count = Int(words[1]) else { throw PeerError.usage }
            let data = try PeerData<Element>(folder: String(words[2]), count: count)
            measurement = Measurement(threads: threads, data: data)
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
}

enum PeerError: Error {
    case usage
    case file(String)
}
