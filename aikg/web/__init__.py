"""The graph over HTTP.

    exchange     one request (Call) and what is sent back (Reply, or Problem)
    negotiation  which form of an answer a client wants
    view, pages  HTML: templates and what they are given
    site         what all requests share: the graph, the limits, the templates
    app          the route table; Starlette stands behind it alone
    server       the socket; uvicorn stands behind it alone

Handlers take a Site and a Call and return a Reply; they know nothing of Starlette.
"""
