import BCETool

Program.run(BCE.self)
