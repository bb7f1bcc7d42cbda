package dev.pagewalk.tidy;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds signed comparisons of what is named as an address: a variable, a field or an accessor, also
 * with something added or taken away. To compare with 0 is to ask for bit 63. It goes by names: a
 * variable that its file declares, and never as a {@code long}, is not meant.
 */
final class SignedComparisons extends TreeScanner<Void, Void> {
  private static final Pattern ADDRESS =
      Pattern.compile("pa|va|cr2|cr3|address|\\w*(Address|Pa|Va)");
  private static final Set<String> SIGNED_METHODS =
      Set.of("Long.compare", "Long.min", "Long.max", "Math.min", "Math.max");
  private static final Set<String> SIGNED_COMPARATORS =
      Set.of("comparingLong", "thenComparingLong");

  private final SourceFile file;
  private final Set<String> longs = new HashSet<>();
  private final Set<String> others = new HashSet<>();
  private final List<String> found = new ArrayList<>();

  private SignedComparisons(SourceFile file) {
    this.file = file;
  }

  /** The comparisons in {@code file}, each as {@code path:line: source}. */
  static List<String> in(SourceFile file) {
    SignedComparisons scan = new SignedComparisons(file);
    scan.new Declarations().scan(file.unit(), null);
    scan.scan(file.unit(), null);
    return scan.found;
  }

  @Override
  public Void visitBinary(BinaryTree tree, Void unused) {
    switch (tree.getKind()) {
      case LESS_THAN, LESS_THAN_EQUAL, GREATER_THAN, GREATER_THAN_EQUAL -> {
        boolean address = isAddress(tree.getLeftOperand()) || isAddress(tree.getRightOperand());
        if (address && !isZero(tree.getRightOperand())) {
          report(tree);
        }
      }
      default -> {}
    }
    return super.visitBinary(tree, null);
  }

  @Override
  public Void visitMethodInvocation(MethodInvocationTree tree, Void unused) {
    String method = tree.getMethodSelect().toString();
    String name = method.substring(method.lastIndexOf('.') + 1);
    if (SIGNED_METHODS.contains(method) && tree.getArguments().stream().anyMatch(this::isAddress)) {
      report(tree);
    } else if (SIGNED_COMPARATORS.contains(name)
        && tree.getArguments().getFirst() instanceof MemberReferenceTree key
        && isNamedAddress(key.getName())) {
      report(tree);
    }
    return super.visitMethodInvocation(tree, null);
  }

  private void report(Tree tree) {
    found.add(file.place(tree) + ": " + tree);
  }

  private static boolean isZero(ExpressionTree tree) {
    return tree instanceof LiteralTree literal
        && literal.getValue() instanceof Integer zero
        && zero == 0;
  }

  private boolean isAddress(ExpressionTree tree) {
    return switch (tree) {
      case ParenthesizedTree inner -> isAddress(inner.getExpression());
      case IdentifierTree variable -> isNamedAddress(variable.getName()) && mayBeLong(variable);
      case MemberSelectTree field -> isNamedAddress(field.getIdentifier());
      case MethodInvocationTree call -> call.getArguments().isEmpty() && isAccessor(call);
      case BinaryTree sum
          when sum.getKind() == Tree.Kind.PLUS || sum.getKind() == Tree.Kind.MINUS ->
          isAddress(sum.getLeftOperand()) || isAddress(sum.getRightOperand());
      default -> false;
    };
  }

  private static boolean isAccessor(MethodInvocationTree call) {
    return switch (call.getMethodSelect()) {
      case MemberSelectTree method -> isNamedAddress(method.getIdentifier());
      case IdentifierTree method -> isNamedAddress(method.getName());
      default -> false;
    };
  }

  private boolean mayBeLong(IdentifierTree variable) {
    String name = variable.getName().toString();
    return longs.contains(name) || !others.contains(name);
  }

  private static boolean isNamedAddress(CharSequence name) {
    return ADDRESS.matcher(name).matches();
  }

  /** Collects the types with which the file declares each name. */
  private final class Declarations extends TreeScanner<Void, Void> {
    @Override
    public Void visitVariable(VariableTree variable, Void unused) {
      Tree type = variable.getType();
      boolean isLong = type == null || type.toString().equals("long");
      (isLong ? longs : others).add(variable.getName().toString());
      return super.visitVariable(variable, null);
    }
  }
}
