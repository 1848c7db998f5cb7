// SPDX-License-Identifier: Apache-2.0

import BCETool

Program.run(BCE.self)
