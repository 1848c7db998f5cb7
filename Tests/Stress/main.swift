// SPDX-License-Identifier: Apache-2.0

import Foundation

// Checks that a test cannot do in its own process; each command exits with 0, or reports what went wrong.
//
//     library-stress forks COUNT        children that are forked while threads of the parent compute or sleep
//     library-stress stack BYTES        every call on a thread with a stack of that many bytes
//     library-stress threads            the number of threads that a call on 2^19 elements starts

let arguments = CommandLine.arguments
switch (arguments.dropFirst().first, arguments.dropFirst(2).first.flatMap { Int($0) }) {
case ("forks", let count?): try forkWhileThreadsCompute(count)
case ("stack", let bytes?): try callEverything(onStackOf: bytes)
case ("threads", nil): print(try threadsOfCall())
default:
    FileHandle.standardError.write(Data("usage: library-stress forks COUNT | stack BYTES | threads\n".utf8))
    exit(64)
}
