"""The API's description, and the pages that show it.

page           `/docs`: Scalar over `/docs/openapi.json`
document       the OpenAPI document, told from the handlers themselves
socket_page    `/docs/ws`: the AsyncAPI document as a page, without a script
asyncapi       the AsyncAPI document, told from the structs of the frames
routes         where these and their files are
frames         every frame of every socket: who sends it, what answers it
closing        why a socket is closed
bodies         what goes over the wire, as msgspec describes it
tidying        what generators of clients want otherwise
examples       one story in real answers and frames
"""
