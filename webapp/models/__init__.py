"""All models, so that migrations see every table."""

from webapp.models.category import Category
from webapp.models.edition import Edition
from webapp.models.study import Study
from webapp.models.summary import CategoryLink, OldSlug, Summary
from webapp.models.term import Term

__all__ = ["Category", "CategoryLink", "Edition", "OldSlug", "Study", "Summary", "Term"]
