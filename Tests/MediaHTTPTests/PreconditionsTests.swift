import MediaHTTP
import Testing

/// Conditions, RFC 9110 §13.
struct PreconditionsTests {
    private let both = Preconditions(entityTag: "abc", lastModified: 784_111_777)
    private let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    private let later = "Sun, 06 Nov 1994 08:49:38 GMT"
    private let earlier = "Sun, 06 Nov 1994 08:49:36 GMT"

    @Test(arguments: [
        (#""abc""#, true), (#"W/"abc""#, true), ("*", true), (#""x", "abc""#, true),
        (#""x,y","abc""#, true), (#""x""#, false), (#""abc-gzip""#, false), ("abc", false),
        (#""abc"#, false), ("", false), (#""x" "abc""#, true),
    ])
    func ifNoneMatchIsAListComparedWeakly(field: String, isNotModified: Bool) {
        #expect(
            both.isNotModified(ifNoneMatch: field, ifModifiedSince: nil) == isNotModified
        )
    }

    @Test func ifModifiedSinceComparesDates() {
        #expect(both.isNotModified(ifNoneMatch: nil, ifModifiedSince: date))
        #expect(both.isNotModified(ifNoneMatch: nil, ifModifiedSince: later))
        #expect(!both.isNotModified(ifNoneMatch: nil, ifModifiedSince: earlier))
        #expect(!both.isNotModified(ifNoneMatch: nil, ifModifiedSince: "yesterday"))
        #expect(!both.isNotModified(ifNoneMatch: nil, ifModifiedSince: nil))
    }

    @Test func ifNoneMatchDecidesAlone() {
        #expect(!both.isNotModified(ifNoneMatch: #""x""#, ifModifiedSince: later))
        #expect(both.isNotModified(ifNoneMatch: #""abc""#, ifModifiedSince: earlier))
    }

    @Test func withoutValidatorsOnlyTheAsteriskMatches() {
        let none = Preconditions(entityTag: nil, lastModified: nil)
        #expect(!none.isNotModified(ifNoneMatch: #""abc""#, ifModifiedSince: nil))
        #expect(!none.isNotModified(ifNoneMatch: nil, ifModifiedSince: later))
        #expect(none.isNotModified(ifNoneMatch: "*", ifModifiedSince: nil))
        #expect(!none.allowsRange(ifRange: #""abc""#))
        #expect(!none.allowsRange(ifRange: date))
    }

    @Test func ifRangeHoldsForTheSameStrongTagOrDateOnly() {
        #expect(both.allowsRange(ifRange: nil))
        #expect(both.allowsRange(ifRange: #""abc""#))
        #expect(both.allowsRange(ifRange: date))
        #expect(!both.allowsRange(ifRange: #"W/"abc""#))
        #expect(!both.allowsRange(ifRange: #""abd""#))
        #expect(!both.allowsRange(ifRange: later))
        #expect(!both.allowsRange(ifRange: earlier))
    }
}
