"""What `flask run` and gunicorn find by themselves."""

from webapp import create_app

app = create_app()
