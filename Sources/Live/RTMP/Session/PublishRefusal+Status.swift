extension PublishRefusal {
    /// The code of the `onStatus` that says it.
    var statusCode: String {
        switch self {
        case .unknownKey, .alreadyPublished: "NetStream.Publish.BadName"
        case .unknownApplication: "NetConnection.Connect.InvalidApp"
        case .unavailable: "NetStream.Publish.Denied"
        }
    }

    /// For the encoder's operator.
    var text: String {
        switch self {
        case .unknownKey: "The stream key is not known here"
        case .alreadyPublished: "Another encoder publishes with this stream key"
        case .unknownApplication: "There is no such application here"
        case .unavailable(let text): text
        }
    }
}
