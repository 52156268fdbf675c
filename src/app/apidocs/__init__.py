"""The API's description, and the page that shows it.

page      `/docs`: Scalar over `/docs/openapi.json`
document  the OpenAPI document, told from the handlers themselves
bodies    what goes over the wire, as msgspec describes it
examples  one story in real answers
"""
