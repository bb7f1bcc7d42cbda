package dev.pagewalk.web;

import dev.pagewalk.machine.classroom.Lessons;
import java.util.ArrayList;
import java.util.List;

/** The lessons as documents. */
final class LessonViews {
  private LessonViews() {}

  /** A list for the page. */
  static List<Object> all() {
    List<Object> list = new ArrayList<>();
    for (Lessons.Lesson lesson : Lessons.all().values()) {
      list.add(
          new Doc()
              .put("name", lesson.name())
              .put("title", lesson.title())
              .put("scenario", "title Lesson: " + lesson.title() + '\n' + lesson.scenario())
              .put("question", lesson.question())
              .put("hint", lesson.hint())
              .put("answer", lesson.answer())
              .map());
    }
    return list;
  }

  /**
   * The lesson of that name.
   *
   * @throws Problem 404 if there is none
   */
  static Lessons.Lesson get(String name) {
    Lessons.Lesson lesson = Lessons.all().get(name);
    if (lesson == null) {
      throw new Problem(
          404, "No such lesson", "expected one of " + String.join(", ", Lessons.all().keySet()));
    }
    return lesson;
  }
}
