import Dispatch

/// What memory allows: the least work that touches the same streams.
///
/// Two candidates are timed and the faster is the limit of the table: CBLAS, whose loops are written for this CPU but
/// may be no better than its authors made them, and a Swift loop, which is compiled for the baseline instruction set.
func limits<S: BenchScalar>(
    _ operation: Operation, _ buffers: Buffers<S>, threads: Int
) -> [Implementation] {
    let (x, t, output) = (buffers.predictions, buffers.targets, buffers.output)
    let count = x.count
    let prefix = S.storage == .float ? "cblas_s" : "cblas_d"
    guard operation.isUnreduced else {
        return [
            Implementation(name: Implementation.limit, note: prefix + "dot") {
                Double(S.blasDot(count, x.baseAddress!, t.baseAddress!))
            },
            Implementation(name: Implementation.limit, note: "Swift SIMD dot") {
                inParallel(threads, count) { Double(simdDot(x.baseAddress!, t.baseAddress!, $0)) }
            },
        ]
    }
    return [
        Implementation(name: Implementation.limit, note: prefix + "axpy") {
            // A factor so small that the output stays finite however often it is added.
            S.blasAxpy(count, 0x1p-40, x.baseAddress!, output.baseAddress!)
            return Double(output[0])
        },
        Implementation(name: Implementation.limit, note: "Swift SIMD add") {
            inParallel(threads, count) {
                simdAdd(x.baseAddress!, t.baseAddress!, output.baseAddress!, $0)
                return Double(output[$0.lowerBound])
            }
        },
    ]
}

/// Eight chains, so that no addition waits for another.
private func simdDot<S: BenchScalar>(
    _ x: UnsafePointer<S>, _ y: UnsafePointer<S>, _ range: Range<Int>
) -> S {
    typealias V = SIMD8<S>
    var (a, b, c, d) = (V(repeating: 0), V(repeating: 0), V(repeating: 0), V(repeating: 0))
    var i = range.lowerBound
    while i + 32 <= range.upperBound {
        a += load(x, i) * load(y, i)
        b += load(x, i + 8) * load(y, i + 8)
        c += load(x, i + 16) * load(y, i + 16)
        d += load(x, i + 24) * load(y, i + 24)
        i += 32
    }
    var sum = ((a + b) + (c + d)).sum()
    while i < range.upperBound {
        sum += x[i] * y[i]
        i += 1
    }
    return sum
}

private func simdAdd<S: BenchScalar>(
    _ x: UnsafePointer<S>, _ y: UnsafePointer<S>, _ output: UnsafeMutablePointer<S>, _ range: Range<Int>
) {
    var i = range.lowerBound
    while i + 8 <= range.upperBound {
        UnsafeMutableRawPointer(output + i).storeBytes(of: load(x, i) + load(y, i), as: SIMD8<S>.self)
        i += 8
    }
    while i < range.upperBound {
        output[i] = x[i] + y[i]
        i += 1
    }
}

@inline(__always)
private func load<S: BenchScalar>(_ pointer: UnsafePointer<S>, _ index: Int) -> SIMD8<S> {
    UnsafeRawPointer(pointer + index).loadUnaligned(as: SIMD8<S>.self)
}

/// One piece of the elements for each thread; the sum of what `body` returns is only there to be used.
private func inParallel(_ threads: Int, _ count: Int, _ body: (Range<Int>) -> Double) -> Double {
    if threads == 1 || count < threads { return body(0..<count) }
    return withoutActuallyEscaping(body) { body in
        // Pieces read what nobody writes and write to places of their own.
        nonisolated(unsafe) let body = body
        DispatchQueue.concurrentPerform(iterations: threads) {
            blackHole(body($0 * count / threads..<($0 + 1) * count / threads))
        }
        return 0
    }
}
