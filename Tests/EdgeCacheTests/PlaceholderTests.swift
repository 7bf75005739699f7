import EdgeCache
import Testing
