package dev.pagewalk.mmu;

import dev.pagewalk.arch.Port;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the paths of an MMU: copies of {@link TranslationPath}, {@link ShortPath} and {@link
 * ShortWalk} in which the fields are constants.
 *
 * <p>HotSpot takes a static final field for a constant, and a final field of an instance for a
 * variable. The copy has the class's own code, in which each read of a field of the instance has
 * become a read of a static one with the same value. It is a hidden class and is unloaded with its
 * MMU. With {@code -Dpagewalk.mmu.specialise=false} the classes are used as they are.
 */
final class Specialiser {
  private static final ClassDesc LOOKUP = describe(Lookup.class);
  private static final ClassDesc HANDLES = describe(MethodHandles.class);
  private static final boolean ON = !"false".equals(System.getProperty("pagewalk.mmu.specialise"));
  private static final Specialiser HOT = new Specialiser(TranslationPath.class);
  private static final Specialiser SHORT = new Specialiser(ShortPath.class);
  private static final Specialiser WALK = new Specialiser(ShortWalk.class);

  private final Class<?> original;
  private final ClassDesc path;
  private final Constructor<?> constructor;

  /** The fields that become constants, in the order in which class data has their values. */
  private final List<Field> fields = new ArrayList<>();

  /** The copy; null as long as none was asked for. */
  private byte[] bytes;

  private Specialiser(Class<?> original) {
    this.original = original;
    this.path = describe(original);
    this.constructor = original.getDeclaredConstructors()[0];
    for (Field field : original.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        field.setAccessible(true);
        fields.add(field);
      }
    }
  }

  /** The paths over {@code state}, the hot one of them. */
  static Mmu create(MmuState state, Invalidation invalidation) {
    GeneralPath general = new GeneralPath(state, invalidation);
    WalkPath walker = walker(state);
    MissPath[] behind = new MissPath[state.views.length];
    for (Port port : Port.values()) {
      int number = state.layout.portOf(port);
      if (behind[number] == null) {
        behind[number] = behind(state, general, port, walker);
      }
    }
    TranslationPath plain = new TranslationPath(state, invalidation, general, behind);
    return ON ? (Mmu) HOT.specialised(plain, state, invalidation, general, behind) : plain;
  }

  private static MissPath behind(MmuState state, GeneralPath general, Port port, WalkPath walker) {
    if (!ShortPath.serves(state.layout, port)) {
      return general;
    }
    ShortPath plain = new ShortPath(state, general, port, walker);
    return ON ? (MissPath) SHORT.specialised(plain, state, general, port, walker) : plain;
  }

  /** Null if memory is not flat. */
  private static WalkPath walker(MmuState state) {
    if (state.flatBytes == 0) {
      return null;
    }
    ShortWalk plain = new ShortWalk(state);
    return ON ? (WalkPath) WALK.specialised(plain, state) : plain;
  }

  /** A copy of {@code plain} with its fields' values for constants, made from {@code arguments}. */
  private Object specialised(Object plain, Object... arguments) {
    try {
      List<Object> values = new ArrayList<>();
      for (Field field : fields) {
        values.add(field.get(plain));
      }
      Lookup copy = MethodHandles.lookup().defineHiddenClassWithClassData(bytes(), values, true);
      MethodType type = MethodType.methodType(void.class, constructor.getParameterTypes());
      return copy.findConstructor(copy.lookupClass(), type).invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException("cannot make a copy of " + original, e);
    }
  }

  private synchronized byte[] bytes() {
    if (bytes == null) {
      bytes = copy();
    }
    return bytes;
  }

  private byte[] copy() {
    String name = original.getSimpleName() + ".class";
    try (InputStream in = original.getResourceAsStream(name)) {
      ClassFile file = ClassFile.of();
      ClassModel model = file.parse(in.readAllBytes());
      boolean initialises =
          model.methods().stream()
              .anyMatch(method -> method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME));
      ClassTransform transform = this::copyElement;
      return file.transformClass(
          model,
          initialises ? transform : transform.andThen(ClassTransform.endHandler(this::initialise)));
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + original, e);
    }
  }

  /** Gives a class without an initialiser one. */
  private void initialise(ClassBuilder copy) {
    addConstants(copy);
    copy.withMethodBody(
        ConstantDescs.CLASS_INIT_NAME,
        ConstantDescs.MTD_void,
        ClassFile.ACC_STATIC,
        code -> {
          setConstants(code);
          code.return_();
        });
  }

  private void copyElement(ClassBuilder copy, ClassElement element) {
    if (!(element instanceof MethodModel method)) {
      copy.with(element);
      return;
    }
    switch (method.methodName().stringValue()) {
      // The constructor sets the fields of the instance, which nothing reads any more.
      case ConstantDescs.INIT_NAME -> copy.with(method);
      case ConstantDescs.CLASS_INIT_NAME -> {
        addConstants(copy);
        copy.transformMethod(
            method,
            MethodTransform.transformingCode(
                new CodeTransform() {
                  @Override
                  public void atStart(CodeBuilder code) {
                    setConstants(code);
                  }

                  @Override
                  public void accept(CodeBuilder code, CodeElement instruction) {
                    code.with(instruction);
                  }
                }));
      }
      default ->
          copy.transformMethod(method, MethodTransform.transformingCode(this::readConstants));
    }
  }

  private void addConstants(ClassBuilder copy) {
    for (Field field : fields) {
      copy.withField(
          constantName(field.getName()),
          describe(field.getType()),
          ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
    }
  }

  /** Turns {@code this.field} into the constant. */
  private void readConstants(CodeBuilder code, CodeElement instruction) {
    if (instruction instanceof FieldInstruction read
        && read.opcode() == Opcode.GETFIELD
        && read.owner().asSymbol().equals(path)) {
      code.pop();
      code.getstatic(path, constantName(read.name().stringValue()), read.typeSymbol());
    } else {
      code.with(instruction);
    }
  }

  /** Sets the constants from the list that is the class data. */
  private void setConstants(CodeBuilder code) {
    ClassDesc object = ConstantDescs.CD_Object;
    code.invokestatic(HANDLES, "lookup", MethodTypeDesc.of(LOOKUP));
    code.ldc(ConstantDescs.DEFAULT_NAME);
    code.ldc(ConstantDescs.CD_List);
    code.invokestatic(
        HANDLES,
        "classData",
        MethodTypeDesc.of(object, LOOKUP, ConstantDescs.CD_String, ConstantDescs.CD_Class));
    code.checkcast(ConstantDescs.CD_List);
    for (int i = 0; i < fields.size(); i++) {
      ClassDesc type = describe(fields.get(i).getType());
      code.dup();
      code.ldc(i);
      code.invokeinterface(
          ConstantDescs.CD_List, "get", MethodTypeDesc.of(object, ConstantDescs.CD_int));
      unbox(code, type);
      code.putstatic(path, constantName(fields.get(i).getName()), type);
    }
    code.pop();
  }

  private static void unbox(CodeBuilder code, ClassDesc type) {
    switch (TypeKind.from(type)) {
      case INT -> unbox(code, ConstantDescs.CD_Integer, "intValue", type);
      case LONG -> unbox(code, ConstantDescs.CD_Long, "longValue", type);
      case BOOLEAN -> unbox(code, ConstantDescs.CD_Boolean, "booleanValue", type);
      case REFERENCE -> code.checkcast(type);
      default -> throw new IllegalStateException("a field of type " + type.displayName());
    }
  }

  private static void unbox(CodeBuilder code, ClassDesc box, String getter, ClassDesc type) {
    code.checkcast(box);
    code.invokevirtual(box, getter, MethodTypeDesc.of(type));
  }

  private static String constantName(String field) {
    return "constant$" + field;
  }

  private static ClassDesc describe(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }
}
