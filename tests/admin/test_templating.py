"""What becomes of starlette-admin's templates."""

from app.admin.templating import OUR_FILES, OUR_TEMPLATES, rewritten


def test_every_script_gets_the_nonce_of_the_answer() -> None:
    nonced = '<script nonce="{{ request.state.nonce }}"'
    assert rewritten("<script>a</script>") == f"{nonced}>a</script>"
    assert rewritten('<script\n src="x">') == f'{nonced}\n src="x">'
    assert rewritten("<scripture>") == "<scripture>"


def test_an_attribute_that_is_a_script_is_data() -> None:
    assert rewritten('<a\n   onclick="run()" data-on="x">') == '<a\n   data-onclick="run()" data-on="x">'


def test_templates_and_files_are_where_they_are_looked_for() -> None:
    assert (OUR_TEMPLATES / "base.html").exists()
    assert (OUR_FILES / "admin.js").exists()
