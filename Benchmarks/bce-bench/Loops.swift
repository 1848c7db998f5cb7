// SPDX-License-Identifier: Apache-2.0

// The loops of the limit, for the elements in `range` of every stream: eight lanes and four independent chains, so that
// no addition waits for another.

func sum<S: BenchScalar>(_ x: UnsafePointer<S>, _ range: Range<Int>) -> Double {
    reduce(range, { load(x, $0) }, { x[$0] })
}

func dot<S: BenchScalar>(_ x: UnsafePointer<S>, _ y: UnsafePointer<S>, _ range: Range<Int>) -> Double {
    reduce(range, { load(x, $0) * load(y, $0) }, { x[$0] * y[$0] })
}

func dot<S: BenchScalar>(
    _ x: UnsafePointer<S>, _ y: UnsafePointer<S>, _ z: UnsafePointer<S>, _ range: Range<Int>
) -> Double {
    reduce(range, { load(x, $0) * load(y, $0) * load(z, $0) }, { x[$0] * y[$0] * z[$0] })
}

/// Reads two streams and writes one or two others.
func add<S: BenchScalar>(
    _ x: UnsafePointer<S>, _ y: UnsafePointer<S>, into output: UnsafeMutablePointer<S>,
    _ second: UnsafeMutablePointer<S>?, _ range: Range<Int>
) {
    if let second {
        for i in lanes(of: range) {
            store(load(x, i) + load(y, i), output, i)
            store(load(x, i) - load(y, i), second, i)
        }
    } else {
        for i in lanes(of: range) { store(load(x, i) + load(y, i), output, i) }
    }
    for i in range.suffix(range.count % 8) {
        output[i] = x[i] + y[i]
        second?[i] = x[i] - y[i]
    }
}

/// The first index of each group of eight.
private func lanes(of range: Range<Int>) -> StrideTo<Int> {
    stride(from: range.lowerBound, to: range.upperBound - range.count % 8, by: 8)
}

@inline(__always)
private func store<S: BenchScalar>(_ value: SIMD8<S>, _ pointer: UnsafeMutablePointer<S>, _ index: Int) {
    UnsafeMutableRawPointer(pointer + index).storeBytes(of: value, as: SIMD8<S>.self)
}

/// The bytes that belong to elements `part` of `count`, read as 8-byte words.
func sum(of bytes: UnsafeBufferPointer<UInt8>, part: Range<Int>, of count: Int) -> Double {
    let words = UnsafeRawBufferPointer(bytes).count / 8
    var i = part.lowerBound * words / count
    let end = part.upperBound * words / count
    var sum: UInt64 = 0
    while i < end {
        sum &+= UnsafeRawPointer(bytes.baseAddress!).loadUnaligned(fromByteOffset: i * 8, as: UInt64.self)
        i += 1
    }
    return Double(sum)
}

@inline(__always)
private func reduce<S: BenchScalar>(
    _ range: Range<Int>, _ lanes: (Int) -> SIMD8<S>, _ one: (Int) -> S
) -> Double {
    typealias V = SIMD8<S>
    var (a, b, c, d) = (V(repeating: 0), V(repeating: 0), V(repeating: 0), V(repeating: 0))
    var i = range.lowerBound
    while i + 32 <= range.upperBound {
        a += lanes(i)
        b += lanes(i + 8)
        c += lanes(i + 16)
        d += lanes(i + 24)
        i += 32
    }
    var sum = ((a + b) + (c + d)).sum()
    while i < range.upperBound {
        sum += one(i)
        i += 1
    }
    return Double(sum)
}

@inline(__always)
private func load<S: BenchScalar>(_ pointer: UnsafePointer<S>, _ index: Int) -> SIMD8<S> {
    UnsafeRawPointer(pointer + index).loadUnaligned(as: SIMD8<S>.self)
}
