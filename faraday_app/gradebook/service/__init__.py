"""What people do with grades: services for the pages, the API and whoever grades elsewhere.

``ledger.enter`` enters grades, ``undoing.undo`` takes a batch back, ``posting`` posts, hides and releases,
``ruling`` changes the rules, ``records.of_student`` says what one student has, as far as the asker may see it.
"""

from faraday_app.classes.service import changes
from faraday_app.classes.service.rosters.grading import KEEPERS
from faraday_app.classes.service.rosters.picture import GRADED
from faraday_app.coursework.service.changes import CHANGES
from faraday_app.gradebook.service import following, settling
from faraday_app.gradebook.service import graded as graded
from faraday_app.gradebook.service.exchange import exported, packages

changes.CHANGES.append(following.changed)
CHANGES.append(settling.changed)
GRADED.append(exported.add_grades)
KEEPERS.append(packages)
