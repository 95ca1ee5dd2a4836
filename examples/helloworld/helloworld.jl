println("hello, world!")
