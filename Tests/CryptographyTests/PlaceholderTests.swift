import Cryptography
import Testing
