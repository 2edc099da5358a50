"""The customers' page, on Gradio. Everything shown is our own HTML, made from escaped text."""

import os

# Gradio and the library under it look at these while they are imported. A customer's page talks to nobody else.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["GRADIO_RUN_HISTORY"] = "False"
