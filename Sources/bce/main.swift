import BCETool

BCE.main()
