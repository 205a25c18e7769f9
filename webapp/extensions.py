"""The extensions, created here and bound to the application in create_app."""

from __future__ import annotations

from flask_compress import Compress
from flask_limiter import Limiter
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from webapp.database import Base
from webapp.request import network_of_request

db = SQLAlchemy(model_class=Base)
migrate = Migrate(render_as_batch=True)
csrf = CSRFProtect()
compress = Compress()
limiter = Limiter(network_of_request)
