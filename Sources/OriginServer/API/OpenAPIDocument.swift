/// The description of the API that `/api/v1/openapi.json` serves.
enum OpenAPIDocument {
    static let json = """
        {
          "openapi": "3.1.0",
          "info": {"title": "Millrace", "version": "1", "description": "What the library holds."},
          "paths": {
            "/api/v1/videos": {
              "get": {
                "operationId": "listVideos",
                "summary": "Videos of the library in the order of their ids",
                "parameters": [
                  {"name": "limit", "in": "query",
                   "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}},
                  {"name": "cursor", "in": "query", "schema": {"type": "string"}}
                ],
                "responses": {
                  "200": {"description": "A page", "content": {"application/json": {"schema": {
                    "type": "object", "required": ["videos", "next_cursor"],
                    "properties": {
                      "videos": {"type": "array", "items": {"$ref": "#/components/schemas/Video"}},
                      "next_cursor": {"type": ["string", "null"]}}}}}},
                  "400": {"$ref": "#/components/responses/Error"}
                }
              }
            },
            "/api/v1/videos/{id}": {
              "get": {
                "operationId": "getVideo",
                "summary": "One video",
                "parameters": [
                  {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}
                ],
                "responses": {
                  "200": {"description": "The video", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Video"}}}},
                  "404": {"$ref": "#/components/responses/Error"},
                  "502": {"$ref": "#/components/responses/Error"},
                  "503": {"$ref": "#/components/responses/Error"}
                }
              }
            }
          },
          "components": {
            "responses": {
              "Error": {"description": "What went wrong", "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Error"}}}}
            },
            "schemas": {
              "Video": {
                "type": "object",
                "required": ["id", "duration_seconds", "qualities", "audio", "subtitles", "urls"],
                "properties": {
                  "id": {"type": "string"},
                  "duration_seconds": {"type": "number"},
                  "qualities": {"type": "array", "items": {"type": "string"}},
                  "audio": {"type": "array", "items": {"type": "object", "properties": {
                    "language": {"type": "string"}, "label": {"type": "string"}}}},
                  "subtitles": {"type": "array", "items": {"type": "object", "properties": {
                    "language": {"type": "string"}, "label": {"type": "string"},
                    "role": {"type": "string"}, "url": {"type": "string"}}}},
                  "urls": {"type": "object", "properties": {
                    "hls": {"type": "string"}, "hls_ts": {"type": "string"},
                    "dash": {"type": "string"},
                    "progressive": {"type": "object", "additionalProperties": {"type": "string"}}}}
                }
              },
              "Error": {
                "type": "object",
                "properties": {"error": {"type": "object", "required": ["code", "message"],
                  "properties": {"code": {"type": "string"}, "message": {"type": "string"},
                    "field": {"type": "string"}}}}
              }
            }
          }
        }

        """
}
