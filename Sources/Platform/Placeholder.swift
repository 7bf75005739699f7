import Yams
import Logging
