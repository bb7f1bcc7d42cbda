package dev.pagewalk.web;

import io.javalin.http.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bodies of requests, read up to a limit whether or not they say how long they are. */
final class Bodies {
  private Bodies() {}

  /**
   * All of a body.
   *
   * @throws Problem 413 if it is too long, 400 if it breaks off
   */
  static byte[] read(Context ctx) {
    int most = (int) Server.MOST_BODY;
    byte[] body;
    try {
      body = ctx.bodyInputStream().readNBytes(most + 1);
    } catch (IOException e) {
      throw new Problem(400, "Not a whole body", "expected the rest of the body");
    }
    if (body.length > most) {
      throw new Problem(413, "Too large", "expected a body of at most " + most + " bytes");
    }
    return body;
  }

  /**
   * A body of text.
   *
   * @throws Problem 413 as above, 400 if it is not UTF-8
   */
  static String text(Context ctx) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(read(ctx))).toString();
    } catch (CharacterCodingException e) {
      throw new Problem(400, "Not text", "expected text in UTF-8");
    }
  }
}
