"""/postmortems/: reading, writing, reviewing."""

from django.urls import path

from incidents.views.postmortems import board, editing, filing, history, lists, parts, reading, reviewing

app_name = "postmortems"
urlpatterns = [
    path("", lists.index, name="index"),
    path("mine/", lists.mine, name="mine"),
    path("new/", filing.new, name="new"),
    path("import/", filing.take_in, name="import"),
    path("preview/", editing.preview, name="preview"),
    path("actions/", board.board, name="board"),
    path("actions/actions.csv", board.board_csv, name="board-csv"),
    path("actions/<int:pk>/", board.change_state, name="change-state"),
    path("of/<slug:slug>/", lists.of_incident, name="of-incident"),
    path("<slug:slug>/", reading.read, name="read"),
    path("<slug:slug>/amendments/", reading.amendments, name="amendments"),
    path("<slug:slug>/publications/<int:number>/", reading.publication, name="publication"),
    path("<slug:slug>/export.md", reading.export, {"form": "md"}, name="export-md"),
    path("<slug:slug>/export.json", reading.export, {"form": "json"}, name="export-json"),
    path("<slug:slug>/images/", parts.add_image, name="add-image"),
    path("<slug:slug>/images/<slug:token>/", reading.image, name="image"),
    path("<slug:slug>/edit/", editing.edit, name="edit"),
    path("<slug:slug>/facts/", editing.save_facts, name="save-facts"),
    path("<slug:slug>/sections/", editing.add_section, name="add-section"),
    path("<slug:slug>/sections/<int:pk>/", editing.save_text, name="save-section"),
    path("<slug:slug>/sections/<int:pk>/remove/", editing.remove_section, name="remove-section"),
    path("<slug:slug>/timeline/", parts.add_entry, name="add-entry"),
    path("<slug:slug>/timeline/insert/", parts.insert_entry, name="insert-entry"),
    path("<slug:slug>/timeline/<int:pk>/", parts.save_entry, name="save-entry"),
    path("<slug:slug>/timeline/<int:pk>/remove/", parts.remove_entry, name="remove-entry"),
    path("<slug:slug>/actions/", parts.add_action, name="add-action"),
    path("<slug:slug>/actions/<int:pk>/", parts.save_action, name="save-action"),
    path("<slug:slug>/actions/<int:pk>/remove/", parts.remove_action, name="remove-action"),
    path("<slug:slug>/review/", reviewing.review_page, name="review"),
    path("<slug:slug>/verdict/", reviewing.give_verdict, name="verdict"),
    path("<slug:slug>/move/<slug:act>/", reviewing.move_on, name="move"),
    path("<slug:slug>/visibility/", reviewing.change_visibility, name="change-visibility"),
    path("<slug:slug>/comments/", reviewing.comment, name="comment"),
    path("<slug:slug>/comments/<int:pk>/", reviewing.resolve, name="resolve"),
    path("<slug:slug>/history/", history.history, name="history"),
    path("<slug:slug>/history/<int:pk>/", history.revision, name="revision"),
    path("<slug:slug>/history/<int:pk>/restore/", history.put_back, name="restore"),
]
