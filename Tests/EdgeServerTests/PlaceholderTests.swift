import EdgeServer
import Testing
