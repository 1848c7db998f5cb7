// SPDX-License-Identifier: Apache-2.0
// SwiftPM wants a source file. Everything is inline in csv_bytes.h.
