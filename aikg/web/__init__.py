"""The graph over HTTP.

    server       the command `aikg serve`; connection: uvicorn stands behind it alone
    app          the route table; endpoint: what holds for every address; Starlette stands behind it
    exchange     one request (Call) and what is sent back (Reply, or Problem)
    negotiation  which form of an answer a client wants; origin: by what address it reaches us
    site         what all requests share: the graph, the limits, the templates
    protocol     SPARQL; adhoc: what the guarded child makes of it; results: the W3C formats
    stored, question, resource, description, openapi, reconcile, extension: the other handlers
    view, pages  HTML: templates and what they are given

Handlers take a Site and a Call and return a Reply; they know nothing of Starlette.
"""
