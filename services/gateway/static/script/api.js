// Shows the OpenAPI document; beside the page because no script may stand in it.
const place = document.getElementById("api");
SwaggerUIBundle({ url: place.dataset.document, domNode: place, deepLinking: true, validatorUrl: null, docExpansion: "none" });
