// SPDX-License-Identifier: Apache-2.0

/// In a state, a sum to which nothing has been added is written as 0. Any other sum is written as 1 + t + 64 s, where t
/// is the index of the highest chunk and s encodes which values that are not finite have been added, followed by the
/// chunks, lowest first. It takes at most 2 + 3 x 19 bytes.
extension ReproducibleSum: StatePart {
    func write(to state: inout StateWriter) {
        guard self != ReproducibleSum() else { return state.append(0) }
        state.append(1 + Int(top) + 64 * Int(special.rawValue))
        for index in 0..<3 { state.append(chunks[index]) }
    }

    init(from state: inout StateReader) throws(CrossEntropyError) {
        self.init()
        let head: UInt16 = try state.next()
        guard head > 0 else { return }
        let (kinds, top) = (head - 1).quotientAndRemainder(dividingBy: 64)
        guard kinds < 8 else { throw .unreadable("a reproducible sum that begins with \(head)") }
        (self.top, special) = (Int16(top), Special(rawValue: UInt8(kinds)))
        for index in 0..<3 { chunks[index] = try state.nextSigned() }
        guard self != ReproducibleSum() else {
            throw .unreadable("a reproducible sum of nothing that is not 0")
        }
    }
}
