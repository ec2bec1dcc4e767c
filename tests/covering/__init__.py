"""A seeded pairwise covering array over what an owner can choose, for the tests of the library.

Purpose: rows in which every two choices that can stand together do so at least once, and valid
answers for every question of such a row. Imports: `app.domain`. Entry: `array.cover_pairs`,
`choices.Choices`, `values.answer_questions`.
"""
