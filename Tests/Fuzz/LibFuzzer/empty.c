// SPDX-License-Identifier: Apache-2.0
// SwiftPM needs a source file for a target whose header declares what the compiler brings.
