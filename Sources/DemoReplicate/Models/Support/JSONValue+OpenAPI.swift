import OrderedCollections
import ReplicateAPI

extension JSONValue {
  /// An OpenAPI document in Cog's style.
  ///
  /// As with Cog, `x-order` gives the order of the properties, not their position.
  ///
  /// - Parameter training: The inputs of a training, for models that are trainers.
  static func openAPI(
    _ inputs: [SchemaInput], _ output: SchemaOutput, training: [SchemaInput] = []
  ) -> JSONValue {
    var components: JSONObject = [:]
    for input in inputs + training {
      if let component = input.component { components[input.name] = component }
    }
    components["Input"] = form("Input", inputs)
    if !training.isEmpty {
      components["TrainingInput"] = form("TrainingInput", training)
      components["TrainingOutput"] = [
        "type": "object", "title": "TrainingOutput", "required": ["weights"],
        "properties": ["weights": ["type": "string", "title": "Weights", "format": "uri"]],
      ]
    }
    components["Output"] = output.schema
    if let component = output.component { components["ModelOutput"] = component }
    components["Status"] = [
      "enum": ["starting", "processing", "succeeded", "canceled", "failed"],
      "type": "string", "title": "Status", "description": "An enumeration.",
    ]
    components["PredictionRequest"] = [
      "type": "object", "title": "PredictionRequest",
      "properties": [
        "id": ["type": "string", "title": "Id"],
        "input": ["$ref": "#/components/schemas/Input"],
        "webhook": ["type": "string", "title": "Webhook", "format": "uri"],
      ],
    ]
    components["PredictionResponse"] = [
      "type": "object", "title": "PredictionResponse",
      "properties": [
        "id": ["type": "string", "title": "Id"],
        "input": ["$ref": "#/components/schemas/Input"],
        "output": ["$ref": "#/components/schemas/Output"],
        "status": ["$ref": "#/components/schemas/Status"],
        "logs": ["type": "string", "title": "Logs", "default": ""],
        "error": ["type": "string", "title": "Error"],
      ],
    ]
    return [
      "openapi": "3.0.2",
      "info": ["title": "Cog", "version": "0.1.0"],
      "paths": [
        "/predictions": [
          "post": [
            "summary": "Predict", "operationId": "predict_predictions_post",
            "description": "Run a single prediction on the model",
            "requestBody": [
              "content": [
                "application/json": [
                  "schema": ["$ref": "#/components/schemas/PredictionRequest"]
                ]
              ]
            ],
            "responses": [
              "200": [
                "description": "Successful Response",
                "content": [
                  "application/json": [
                    "schema": ["$ref": "#/components/schemas/PredictionResponse"]
                  ]
                ],
              ]
            ],
          ]
        ]
      ],
      "components": ["schemas": .object(components)],
    ]
  }
  /// The component of the inputs.
  private static func form(_ title: String, _ inputs: [SchemaInput]) -> JSONValue {
    var properties: [(String, JSONValue)] = []
    for (order, input) in inputs.enumerated() {
      var members = input.members
      members["x-order"] = .number(JSONNumber(order))
      properties.append((input.name, .object(members)))
    }
    properties.sort { ($0.0.count, $0.0) < ($1.0.count, $1.0) }
    var form: JSONObject = ["type": "object", "title": .string(title)]
    let required = inputs.filter(\.isRequired).map { JSONValue.string($0.name) }
    if !required.isEmpty { form["required"] = .array(required) }
    form["properties"] = .object(JSONObject(properties, uniquingKeysWith: { _, last in last }))
    return .object(form)
  }
}
