// the script of the tests
