"""Use-cases over ports; both faces call these and nothing below them."""
