package dev.pagewalk.kernel.policy;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;

/**
 * Random: any resident page goes, each as likely as another.
 *
 * <p>L. A. Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems
 * Journal 5(2), 1966 ("RAND"). Seeded, so that a run can be repeated. The resident pages stand in
 * places 0, 1, …; a page that comes takes the place of the one that went, so that with as many
 * pages as frames a place is a frame of the textbooks.
 */
public final class RandomChoice implements ReplacementPolicy {
  private static final int NOWHERE = -1;

  private final IntUnaryOperator choice;

  /** The frame in each place, below {@link #places}. */
  private int[] frameAt = new int[16];

  /** The place of each frame. */
  private final int[] place;

  private int places;

  /** The place whose page went last and that nobody has taken yet. */
  private int hole = NOWHERE;

  private RandomChoice(int frames, IntUnaryOperator choice) {
    this.choice = choice;
    place = new int[frames];
    Arrays.fill(place, NOWHERE);
  }

  /**
   * Chooses by a pseudorandom generator.
   *
   * @param frames frames are numbered below this
   */
  static RandomChoice seeded(int frames, long seed) {
    return new RandomChoice(frames, new SplittableRandom(seed)::nextInt);
  }

  /**
   * Makes given choices.
   *
   * @param frames frames are numbered below this
   * @param choices the place of the first victim, of the second, …, each modulo the number of
   *     places; when they have all been made, they begin anew
   */
  public static RandomChoice given(int frames, int... choices) {
    if (choices.length == 0) {
      throw new IllegalArgumentException("random: expected at least one choice");
    }
    return new RandomChoice(frames, new Given(choices.clone()));
  }

  @Override
  public void admitted(int frame, long page) {
    if (place[frame] != NOWHERE) {
      throw new IllegalStateException("frame " + frame + " is resident already");
    }
    int where = hole;
    if (where == NOWHERE) {
      where = places++;
      if (where == frameAt.length) {
        frameAt = Arrays.copyOf(frameAt, 2 * where);
      }
    }
    hole = NOWHERE;
    frameAt[where] = frame;
    place[frame] = where;
  }

  @Override
  public void forgotten(int frame) {
    int where = place[frame];
    if (where == NOWHERE) {
      throw new IllegalStateException("frame " + frame + " is not resident");
    }
    closeHole();
    // The hole may have been closed by moving this very frame.
    hole = place[frame];
    place[frame] = NOWHERE;
  }

  @Override
  public int victim(long incoming) {
    closeHole();
    if (places == 0) {
      return NO_FRAME;
    }
    int frame = frameAt[choice.applyAsInt(places)];
    forgotten(frame);
    return frame;
  }

  @Override
  public void putBack(int frame) {
    admitted(frame, NO_PAGE);
  }

  @Override
  public int resident() {
    return hole == NOWHERE ? places : places - 1;
  }

  /** Moves the last place's page to where nobody is. */
  private void closeHole() {
    if (hole == NOWHERE) {
      return;
    }
    places--;
    if (hole != places) {
      int last = frameAt[places];
      frameAt[hole] = last;
      place[last] = hole;
    }
    hole = NOWHERE;
  }

  /** Choices made by somebody else. */
  private static final class Given implements IntUnaryOperator {
    private final int[] choices;
    private int made;

    Given(int[] choices) {
      this.choices = choices;
    }

    @Override
    public int applyAsInt(int bound) {
      return Math.floorMod(choices[made++ % choices.length], bound);
    }
  }
}
