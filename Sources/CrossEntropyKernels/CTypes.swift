// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

// Types of the C header under names that modules can use without importing it. They are public because other modules
// inline functions that use them.
public typealias Column = CrossEntropyCKernels.Column
public typealias DType = CrossEntropyCKernels.DType
public typealias Formula = CrossEntropyCKernels.Formula
public typealias Moments = CrossEntropyCKernels.Moments
public typealias ScorePlaces = CrossEntropyCKernels.ScorePlaces
public typealias SumTerm = CrossEntropyCKernels.SumTerm
